"""Rules on code, one a file, listed here."""

from __future__ import annotations

from ostiary.analyze.facts import Facts
from ostiary.analyze.rules import (
    archive_escape,
    argument_injection,
    code_evaluation,
    code_loading,
    code_written,
    command_injection,
    exposure,
    filter_injection,
    hostile,
    metadata_service,
    open_target,
    operator_injection,
    path_escape,
    program_choice,
    prototype_pollution,
    query_injection,
    request_forgery,
    slow_pattern,
    supply,
    template_injection,
    unbounded_work,
    unconfirmed_destruction,
    unsafe_deserialization,
    xml_entities,
)
from ostiary.model.check import Check

CHECKS: tuple[Check[Facts], ...] = (
    command_injection.CHECK,
    program_choice.CHECK,
    argument_injection.CHECK,
    code_evaluation.CHECK,
    code_loading.CHECK,
    code_written.CHECK,
    unsafe_deserialization.CHECK,
    template_injection.CHECK,
    query_injection.CHECK,
    operator_injection.CHECK,
    filter_injection.CHECK,
    path_escape.CHECK,
    archive_escape.CHECK,
    request_forgery.CHECK,
    metadata_service.CHECK,
    open_target.CHECK,
    xml_entities.CHECK,
    prototype_pollution.CHECK,
    slow_pattern.CHECK,
    unbounded_work.CHECK,
    unconfirmed_destruction.CHECK,
    *exposure.CHECKS,
    *hostile.CHECKS,
    *supply.CHECKS,
)
