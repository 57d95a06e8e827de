"""The page as a Jinja template. Every value is made visible and escaped where it is printed."""

# ruff: noqa: E501 - markup broken in mid-tag reads worse

from __future__ import annotations

PAGE = """\
{%- import "parts" as part -%}
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Ostiary scan: {{ completeness }}, {{ head.text }}</title>
<link rel="icon" href="data:,">
<style>{{ style }}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the findings</a>
<div class="page">
<header>
<h1>Ostiary scan</h1>
<p class="lead">{{ head.text }}</p>
<p><span class="state state-{{ completeness|lower }}">{{ completeness }}</span></p>
<p class="soft">{{ head.looked_at }}
{%- if generated %} Written <time datetime="{{ generated }}">{{ generated }}</time>.{% endif %}</p>
<ul class="chips" aria-label="Findings by severity">
{% for severity, number in head.counts %}
<li class="{{ severity.word if number else 'soft' }}"><b>{{ number }}</b>{{ severity.word }}</li>
{% endfor %}
</ul>
<nav aria-label="On this page"><ul>
{% for target, words in sections %}
<li><a href="#{{ target }}">{{ words }}</a></li>
{% endfor %}
</ul></nav>
</header>
<main id="main" tabindex="-1">
<section aria-labelledby="findings">
<h2 id="findings">Findings</h2>
{% if not findings %}<p>{{ head.text }}</p>{% endif %}
{% for heading, groups in findings %}
<h3>{{ heading }}</h3>
{% for group in groups %}{{ part.finding(group, open_ids, titles) }}{% endfor %}
{% endfor %}
</section>
{% if result.not_checked %}
<section aria-labelledby="gaps">
<h2 id="gaps">Not checked</h2>
<p>These were asked for and could not be looked at. Unknown is not clean.</p>
<dl class="facts">
{% for one in result.not_checked %}
<dt><bdi>{{ one.subject }}</bdi></dt>
<dd>{{ one.reason }}{% if one.remedy %}<br><span class="todo">{{ one.remedy }}</span>{% endif %}</dd>
{% endfor %}
</dl>
</section>
{% endif %}
{% if changes %}
<section aria-labelledby="changes">
<h2 id="changes">What changed since last time</h2>
<div class="scroll" role="region" aria-label="Changes" tabindex="0"><table class="stack">
<caption>Differences from the surfaces seen before, worst first</caption>
<thead><tr><th scope="col">Weight</th><th scope="col">Server</th><th scope="col">Part</th>
<th scope="col">Change</th></tr></thead>
<tbody>
{% for one in changes %}
<tr><td data-label="Weight">{{ part.severity(one.severity) }}</td>
<td data-label="Server"><bdi>{{ one.server }}</bdi></td>
<td data-label="Part"><bdi>{{ one.part }}</bdi></td>
<td data-label="Change">{{ one.says }}
{% if one.before %}<span class="excerpt code"><span class="soft">before:</span> {{ one.before }}</span>{% endif %}
{% if one.after %}<span class="excerpt code"><span class="soft">after:</span> {{ one.after }}</span>{% endif %}
</td></tr>
{% endfor %}
</tbody></table></div>
</section>
{% endif %}
<section aria-labelledby="access">
<h2 id="access">Access map</h2>
{% if not rows %}<p>No client and no server was found.</p>{% else %}
{{ part.drawing(drawn) }}
{% if flows %}
<h3 id="flows">Dangerous together</h3>
<ol class="flows">
{% for flow in flows %}
<li><strong>{{ flow.kind }}</strong> in <bdi>{{ flow.client }}</bdi>
<span class="soft">({{ flow.confidence.word }} confidence)</span>
<ol class="path">
{% for step in flow.steps %}
<li><span class="hop"><bdi><b>{{ step.server }}</b> · {{ step.tool }}</bdi>
<span class="small">{{ step.does }}</span></span></li>
{% endfor %}
</ol>
<p>{{ flow.says }}</p></li>
{% endfor %}
</ol>
{% endif %}
<h3>Client by client</h3>
<ul class="legend"><li>solid frame: clear evidence</li><li>dashed frame and “weak”: little evidence</li>
<li>red: can do lasting harm</li><li>“not looked at”: unknown, which is not clean</li></ul>
{% for row in rows %}{{ part.client(row, rows|length <= 6) }}{% endfor %}
{% endif %}
</section>
{% if result.credentials %}
<section aria-labelledby="credentials">
<h2 id="credentials">Credentials in configuration</h2>
<div class="scroll" role="region" aria-label="Credentials" tabindex="0"><table class="stack">
<caption>By name; values are never shown</caption>
<thead><tr><th scope="col">Name</th><th scope="col">Kind</th><th scope="col">Held by</th>
<th scope="col">Places</th><th scope="col">What it opens</th></tr></thead>
<tbody>
{% for one in result.credentials %}
<tr><th scope="row"><bdi>{{ one.name }}</bdi></th><td data-label="Kind">{{ one.kind }}</td>
<td data-label="Held by"><bdi>{{ one.servers|join(", ") }}</bdi></td>
<td data-label="Places">{% for place in one.places %}<code>{{ place }}</code> {% endfor %}</td>
<td data-label="What it opens">{% if one.coarse %}<span class="bad">coarse:</span> {% endif %}{{ one.breadth }}</td></tr>
{% endfor %}
</tbody></table></div>
</section>
{% endif %}
{% if real %}
<section aria-labelledby="policies">
<h2 id="policies">Policies and approvals</h2>
{% for row in real %}
<h3><bdi>{{ row.name }}</bdi></h3>
<dl class="facts">
<dt>Strength of control</dt><dd>{{ row.control }}{% if row.control_note %}. {{ row.control_note }}{% endif %}</dd>
<dt>Policies in force</dt><dd>{% if row.policies %}<ul>{% for one in row.policies %}<li><bdi>{{ one }}</bdi></li>{% endfor %}</ul>{% else %}none found{% endif %}</dd>
<dt>Who decides that a person is asked</dt><dd>{{ row.decides }}</dd>
{% if row.bypass %}<dt>Runs unasked</dt><dd>{% for one in row.bypass %}<code>{{ one }}</code> {% endfor %}</dd>{% endif %}
{% if row.tool_change %}<dt>When a server changes its tools</dt><dd>{{ row.tool_change }}</dd>{% endif %}
{% if row.unseen %}<dt>Not visible in files</dt><dd>{{ row.unseen }}</dd>{% endif %}
</dl>
{% endfor %}
</section>
{% endif %}
{% if result.suppressed %}
<section aria-labelledby="accepted">
<h2 id="accepted">Accepted earlier</h2>
<ul>
{% for one in result.suppressed %}
<li>{{ part.severity(one.finding.severity) }} {{ one.finding.title }}: <bdi>{{ one.finding.location.words() }}</bdi>.
{{ one.reason }}{% if one.until %} <span class="soft">Until {{ one.until }}.</span>{% endif %}</li>
{% endfor %}
</ul>
</section>
{% endif %}
</main>
<footer><p>Written by Ostiary {{ version }}. Names, versions and annotations of servers are their
own claims. Characters that do not show are written as <code>⟨U+200B⟩</code>, line ends as <code>⏎</code>.
This page loads nothing and runs no script.</p></footer>
</div>
</body>
</html>
"""

PARTS = """\
{% macro severity(one) %}<span class="sev {{ one.word }}">{{ one.word }}</span>{% endmacro %}

{% macro finding(group, open_ids, titles) %}
{% set one = group.first %}
<details id="f-{{ one.fingerprint }}"{% if one.fingerprint in open_ids %} open{% endif %}>
<summary>{{ severity(one.severity) }} <span class="title">{{ one.title }}</span>
{%- if group.rest %} <span class="soft">×{{ group.size }}</span>{% endif %}
<span class="at"><bdi>{{ one.location.words() }}</bdi></span></summary>
<div class="inside"><dl class="facts">
<dt>What is wrong</dt><dd>{{ one.message }}</dd>
{% if one.location.client %}<dt>Client</dt><dd><bdi>{{ one.location.client }}</bdi></dd>{% endif %}
{% if one.location.pointer %}<dt>Pointer</dt><dd><code>{{ one.location.pointer }}</code></dd>{% endif %}
{% if one.evidence %}<dt>Evidence</dt><dd><ol>
{% for step in one.evidence %}
<li>{{ step.says }} <span class="soft small"><bdi>{{ step.location.words() }}</bdi></span>
{% if step.excerpt %}<span class="excerpt code"><bdi>{{ step.excerpt }}</bdi></span>{% endif %}</li>
{% endfor %}
</ol></dd>{% endif %}
<dt>What it allows here</dt><dd>{{ one.consequence }}</dd>
<dt>What to do</dt><dd class="todo">{{ one.remedy }}</dd>
{% if group.rest %}<dt>The same at</dt><dd><ul>
{% for other in group.rest %}
<li><bdi>{{ other.location.words() }}</bdi>: {{ other.message }} <code>{{ other.fingerprint }}</code></li>
{% endfor %}
</ul></dd>{% endif %}
{% if one.references %}<dt>Standards</dt><dd><ul>
{% for key in one.references %}<li>{{ key }}: {{ titles.get(key, "") }}</li>{% endfor %}
</ul></dd>{% endif %}
<dt>Rule and confidence</dt><dd><code>{{ one.rule }}</code>, {{ one.confidence.word }} confidence,
{{ one.category }}</dd>
<dt>Fingerprint</dt><dd><code>{{ one.fingerprint }}</code></dd>
</dl></div></details>
{% endmacro %}

{% macro levels(marks) %}
{%- for mark in marks -%}
<span class="lv{% if mark.level.value in ('destroy', 'execute', 'spend', 'administer') %} lv-danger{% endif %}
{%- if mark.confidence == 0 %} lv-weak{% endif %}">
{{- mark.level.value }}{% if mark.confidence == 0 %} (weak){% endif %}</span>
{%- else -%}<span class="soft">no sign of any</span>
{%- endfor -%}
{% endmacro %}

{% macro labels(labels) %}
{%- for label in labels -%}
{{ {"private": "private data", "untrusted": "untrusted content", "outward": "way out"}[label.name] }}
{%- if label.confidence == 0 %} (weak){% endif %}{% if not loop.last %}, {% endif %}
{%- else -%}<span class="soft">none</span>{%- endfor -%}
{% endmacro %}

{% macro words(things) %}{{ things|join(", ") }}{% endmacro %}

{% macro client(row, open) %}
<details{% if open %} open{% endif %}>
<summary><span class="title"><bdi>{{ row.name }}</bdi></span>
<span class="soft">{{ row.servers|length }} server{{ "" if row.servers|length == 1 else "s" }}
{%- if row.unknown %}, {{ row.unknown }} unknown{% endif %}</span>
<span class="at">{{ levels(row.marks) }}</span></summary>
<div class="inside">
{% if not row.servers %}<p>No server is configured.</p>{% else %}
<div class="scroll" role="region" aria-label="Servers of {{ row.name }}" tabindex="0"><table class="stack">
<caption>What <bdi>{{ row.name }}</bdi> can reach through its servers, most powerful first</caption>
<thead><tr><th scope="col">Server</th><th scope="col">Levels</th><th scope="col">Objects and data</th>
<th scope="col">Labels</th><th scope="col">Who is asked</th><th scope="col">Known by</th></tr></thead>
<tbody>
<tr class="union"><th scope="row">all together</th><td data-label="Levels">{{ levels(row.marks) }}</td>
<td data-label="Objects and data">{{ words(row.data|map(attribute="value")) }}</td>
<td data-label="Labels">{{ labels(row.labels) }}</td>
<td data-label="Who is asked">{{ row.asked }}</td>
<td data-label="Known by">{% if row.unknown %}{{ row.unknown }} of {{ row.servers|length }} unknown{% else %}see each{% endif %}</td></tr>
{% for one in row.servers %}
<tr{% if not one.known %} class="unknown"{% endif %}>
<th scope="row"><bdi>{{ one.name }}</bdi>{% if not one.enabled %} <span class="soft">(off)</span>{% endif %}
<span class="kind">{{ one.kind }}{% if one.tools %}, {{ one.tools }} tool{{ "" if one.tools == 1 else "s" }}{% endif %}</span></th>
<td data-label="Levels">{% if one.known or one.marks %}{{ levels(one.marks) }}{% else %}<b>unknown</b>{% endif %}</td>
<td data-label="Objects and data">{{ words(one.objects) }}{% if one.data %}{% if one.objects %}; {% endif %}{{ words(one.data|map(attribute="value")) }}{% endif %}
{% if one.holds %}<br>holds {% for name in one.holds %}<code>{{ name }}</code> {% endfor %}{% endif %}
{% for claim in one.contradicted %}<br><span class="bad">claim contradicted:</span> <bdi>{{ claim }}</bdi>{% endfor %}
{% if one.note %}<br><span class="soft">{{ one.note }}</span>{% endif %}</td>
<td data-label="Labels">{% if one.known %}{{ labels(one.labels) }}{% else %}unknown{% endif %}</td>
<td data-label="Who is asked"{% if one.asked.startswith("nobody") %} class="bad"{% endif %}>{{ one.asked }}</td>
<td data-label="Known by">{{ one.how_known }}</td></tr>
{% endfor %}
</tbody></table></div>
{% endif %}
</div></details>
{% endmacro %}

{% macro label(box) %}
<text x="{{ box.x + 10 }}" y="{{ box.y + 16 }}">{{ box.label }}</text>
<text class="sub" x="{{ box.x + 10 }}" y="{{ box.y + 31 }}">{{ box.below }}</text>
{% endmacro %}

{% macro drawing(drawn) %}
<figure>
<div class="scroll" role="region" aria-label="Picture of the access map" tabindex="0">
<svg viewBox="0 0 {{ drawn.width }} {{ drawn.height }}" role="img" aria-labelledby="map-title map-says" xmlns="http://www.w3.org/2000/svg">
<title id="map-title">Who can reach what, and at what level</title>
<desc id="map-says">{{ drawn.says }}</desc>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>
<g aria-hidden="true">
<text class="column" x="4" y="24">CLIENTS</text>
<text class="column" x="300" y="24">SERVERS</text>
{% for one in drawn.heads %}<text class="head" x="{{ one.x }}" y="{{ one.y }}">{{ one.level }}</text>
{% endfor %}
{% for line in drawn.edges %}<path class="edge{% if line.hot %} edge-hot{% endif %}" d="{{ line.path }}"/>
{% endfor %}
{% for box in drawn.servers %}<path class="grid" d="M{{ box.x + box.width }} {{ box.middle }}H{{ drawn.width - 8 }}"/>
{% endfor %}
{% for box in drawn.clients %}<g><title>{{ box.full }}</title>
<rect class="box{% if box.hot %} box-hot{% endif %}" x="{{ box.x }}" y="{{ box.y }}" width="{{ box.width }}" height="{{ drawn.box }}" rx="6"/>
{{ label(box) }}</g>
{% endfor %}
{% for box in drawn.servers %}<g><title>{{ box.full }}</title>
<rect class="box{% if box.hot %} box-hot{% endif %}{% if not box.known %} box-unknown{% endif %}" x="{{ box.x }}" y="{{ box.y }}" width="{{ box.width }}" height="{{ drawn.box }}" rx="6"/>
{{ label(box) }}
{% if not box.known %}<text class="ask" x="636" y="{{ box.middle - 5 }}">not looked at: it may be able to do anything</text>{% endif %}</g>
{% endfor %}
{% for dot in drawn.dots %}<circle class="dot{% if dot.danger %} dot-danger{% endif %}{% if dot.weak %} dot-weak{% endif %}" cx="{{ dot.x }}" cy="{{ dot.y }}" r="7"><title>{{ dot.level }}{% if dot.weak %}, little evidence{% endif %}</title></circle>
{% endfor %}
{% for arc in drawn.arcs %}<path class="arc" d="{{ arc.path }}" marker-end="url(#tip)"/>
{% if arc.label %}<circle class="badge" cx="{{ arc.x }}" cy="{{ arc.y }}" r="9"/><text class="number" x="{{ arc.x }}" y="{{ arc.y + 4 }}">{{ arc.label }}</text>{% endif %}
{% endfor %}
</g>
</svg></div>
<figcaption>{{ drawn.says }} A full dot is clear evidence, a dashed one little evidence; numbers match the list of dangerous paths.</figcaption>
</figure>
{% endmacro %}
"""
