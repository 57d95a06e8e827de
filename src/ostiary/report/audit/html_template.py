"""The page of audits as a Jinja template, in the look of the scan's page."""

# ruff: noqa: E501 - markup broken in mid-tag reads worse

from __future__ import annotations

PAGE = """\
{%- import "parts" as part -%}
{%- import "audit" as audit -%}
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Ostiary audit: {{ title }}</title>
<link rel="icon" href="data:,">
<style>{{ style }}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the verdict</a>
<div class="page">
<header>
<h1>Ostiary audit</h1>
{% if pages|length == 1 %}
<p class="lead"><bdi>{{ pages[0].result.target.label }}</bdi>: <span class="{{ pages[0].colour }}">{{ pages[0].sentence }}</span></p>
{% else %}
<p class="lead">{{ headline }}</p>
{% endif %}
<p><span class="state state-{{ completeness|lower }}">{{ completeness }}</span></p>
{% if generated %}<p class="soft">Written <time datetime="{{ generated }}">{{ generated }}</time>.</p>{% endif %}
<ul class="chips" aria-label="Findings by severity">
{% for severity, number in counts %}
<li class="{{ severity.word if number else 'soft' }}"><b>{{ number }}</b>{{ severity.word }}</li>
{% endfor %}
</ul>
{% if pages|length != 1 %}
<nav aria-label="Targets"><ul>
{% for page in pages %}
<li><a href="#t{{ loop.index }}"><bdi>{{ page.result.target.label }}</bdi></a> <span class="{{ page.colour }}">{{ page.result.verdict.kind.value }}</span></li>
{% endfor %}
</ul></nav>
{% endif %}
</header>
<main id="main" tabindex="-1">
{% if comparison %}{{ audit.compared(comparison, part) }}{% endif %}
{% if history %}{{ audit.history(history, part) }}{% endif %}
{% for page in pages %}{{ audit.target(page, loop.index, pages|length > 1, titles, part) }}{% endfor %}
</main>
<footer><p>Written by Ostiary {{ version }} from the code alone: nothing of a target was run. Names, versions
and descriptions of servers are their own claims. Characters that do not show are written as
<code>⟨U+200B⟩</code>, line ends as <code>⏎</code>. This page loads nothing and runs no script.</p></footer>
</div>
</body>
</html>
"""

AUDIT = """\
{% macro target(page, number, many, titles, part) %}
{% set result = page.result %}
<section aria-labelledby="t{{ number }}">
<h2 id="t{{ number }}">{% if many %}<bdi>{{ result.target.label }}</bdi>: <span class="{{ page.colour }}">{{ page.sentence }}</span>{% else %}Verdict{% endif %}</h2>
{% if many %}<p><span class="state state-{{ result.completeness.value|lower }}">{{ result.completeness.value }}</span></p>{% endif %}
<p class="soft">{{ page.circumstances }}. {{ page.looked_at }}</p>
{% if page.warning %}<p><strong>{{ page.warning }}</strong></p>{% endif %}
<ul>
{% for reason in result.verdict.reasons %}
<li>{{ reason.says }}
<span class="kind">changes if {{ reason.changes_if }}</span></li>
{% endfor %}
</ul>
<dl class="facts">
<dt>How sure</dt><dd><b>{{ result.verdict.confidence.word }} confidence.</b> {{ result.verdict.confidence_says }}</dd>
{% for name, says in page.limits %}
<dt>{{ name|capitalize }}</dt><dd>{{ says }}</dd>
{% endfor %}
{% if page.approve %}<dt>Approve it so</dt><dd><code>{{ page.approve }}</code></dd>{% endif %}
</dl>
<h3 id="f{{ number }}">Findings ({{ result.weighed|length }})</h3>
{% if not result.weighed %}<p>Nothing found in what was looked at.</p>{% endif %}
{% for one in result.weighed %}{{ finding(one, loop.index <= 3 and one.finding.severity >= 3, titles, part) }}{% endfor %}
<h3>What it can do: {{ result.kind }}</h3>
{% if not result.tools %}<p>No tool was found in its code. That is not the same as having none.</p>{% else %}
{% if page.roles %}<ul>{% for role in page.roles %}<li><b>{{ role.name }}:</b> {{ role.says }}</li>{% endfor %}</ul>{% endif %}
<div class="scroll" role="region" aria-label="Tools of {{ result.target.label }}" tabindex="0"><table class="stack">
<caption>What the code of each tool does; a dashed frame is little evidence</caption>
<thead><tr><th scope="col">Tool</th><th scope="col">Levels</th><th scope="col">Data goes to</th>
<th scope="col">Credentials</th><th scope="col">Keeps</th><th scope="col">Code</th></tr></thead>
<tbody>
{% for tool in result.tools %}
<tr{% if tool.handler is none %} class="unknown"{% endif %}><th scope="row"><bdi>{{ tool.access.tool }}</bdi></th>
<td data-label="Levels">{% for one in tool.access.capabilities %}<span class="lv{% if one.level.value in ('destroy', 'execute', 'spend', 'administer') %} lv-danger{% endif %}{% if one.confidence == 0 %} lv-weak{% endif %}">{{ one.level.value }}{% if one.confidence == 0 %} (weak){% endif %}</span> <span class="small soft">{{ one.objects|join(", ") }}</span> {% else %}{% if tool.handler is none %}<b>unknown</b>{% else %}<span class="soft">no sign of any</span>{% endif %}{% endfor %}</td>
<td data-label="Data goes to">{% for where in tool.destinations %}<div>{% if where.host %}<code>{{ where.host }}</code> {% endif %}{% if where.host %}({{ where.how }}){% else %}{{ where.words }}{% endif %}<span class="kind">{{ where.carries|join(", ") }}</span></div>{% else %}<span class="soft">nowhere that was seen</span>{% endfor %}</td>
<td data-label="Credentials">{% for name in tool.credentials %}<code>{{ name }}</code> {% else %}<span class="soft">none</span>{% endfor %}</td>
<td data-label="Keeps">{{ tool.stores|join("; ") }}</td>
<td data-label="Code">{% if tool.handler is none %}not found{% else %}<code>{{ tool.handler.file }}{% if tool.handler.line %}:{{ tool.handler.line }}{% endif %}</code>{% endif %}</td></tr>
{% endfor %}
</tbody></table></div>
{% endif %}
{% if result.not_checked %}
<h3>Not checked ({{ result.not_checked|length }})</h3>
<p>These were asked for and could not be looked at. Unknown is not clean.</p>
<dl class="facts">
{% for one in result.not_checked %}
<dt><bdi>{{ one.subject }}</bdi></dt>
<dd>{{ one.reason }}{% if one.remedy %}<br><span class="todo">{{ one.remedy }}</span>{% endif %}</dd>
{% endfor %}
</dl>
{% endif %}
{% if result.advice %}
<h3>{{ page.advice_title }}</h3>
<p class="soft">{{ page.advice_lead }}</p>
<ul>
{% for one in result.advice.entries %}
<li><b>{{ one.kind.value }}:</b> {{ one.says }}{% if one.file %} <span class="soft small"><bdi>{{ one.file }}{% if one.line %}:{{ one.line }}{% endif %}</bdi></span>{% endif %}</li>
{% endfor %}
</ul>
{% endif %}
<h3>Where it comes from</h3>
<dl class="facts">
<dt>Asked for</dt><dd><code>{{ result.target.given }}</code></dd>
<dt>Digest</dt><dd><code>{{ result.target.digest }}</code></dd>
{% if result.target.source %}<dt>Source</dt><dd><code>{{ result.target.source }}</code>{% if result.target.revision %} at <code>{{ result.target.revision }}</code>{% endif %}</dd>{% endif %}
{% for proof in result.target.proofs %}
<dt>{{ proof.kind }}</dt><dd><b class="{{ 'bad' if proof.standing.value == 'failed' else '' }}">{{ proof.standing.value }}:</b> {{ proof.says }}</dd>
{% endfor %}
{% for name, value in result.facts %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}
</dl>
{% if page.accepted %}
<h3>Accepted earlier</h3>
<ul>
{% for one in page.accepted %}
<li>{{ part.severity(one.finding.severity) }} {{ one.finding.title }}: <bdi>{{ one.finding.location.words() }}</bdi>.
{{ one.reason }}{% if one.until %} <span class="soft">Until {{ one.until }}.</span>{% endif %}</li>
{% endfor %}
</ul>
{% endif %}
</section>
{% endmacro %}

{% macro compared(found, part) %}
<section aria-labelledby="compared">
<h2 id="compared">What changed from <bdi>{{ found.before }}</bdi> to <bdi>{{ found.after }}</bdi></h2>
{% for one in found.answers %}
<p><b>{{ one.reply.value|capitalize }}:</b> {{ one.concern }}</p>
<ul>{% for reason in one.reasons %}<li>{{ reason }}</li>{% endfor %}</ul>
{% endfor %}
{% if found.changes %}
<ul>
{% for one in found.changes %}
<li>{{ part.severity(one.severity) }} {{ one.says }}{% if one.mentioned is false %}; the release notes do not speak of it{% endif %}
{% if one.before or one.after %}<span class="excerpt"><bdi>{{ one.before or "nothing" }}</bdi> → <bdi>{{ one.after or "nothing" }}</bdi></span>{% endif %}</li>
{% endfor %}
</ul>
{% else %}<p>Nothing differs in what could be compared.</p>{% endif %}
{% for notes in found.notes %}
<h3>Release notes (<bdi>{{ notes.file }}</bdi>)</h3>
<dl class="facts">{% for name, text in notes.sections %}<dt><bdi>{{ name }}</bdi></dt><dd><bdi>{{ text }}</bdi></dd>{% endfor %}</dl>
{% endfor %}
{% if found.not_compared %}
<h3>Not compared</h3>
<ul>{% for one in found.not_compared %}<li>{{ one }}</li>{% endfor %}</ul>
{% endif %}
</section>
{% endmacro %}

{% macro history(steps, part) %}
<section aria-labelledby="history">
<h2 id="history">What earlier revisions declared</h2>
{% for step in steps %}
<h3><bdi>{{ step.before.revision }}</bdi> to <bdi>{{ step.after.revision }}</bdi></h3>
{% if step.changes %}
<ul>{% for one in step.changes %}<li>{{ part.severity(one.severity) }} <bdi>{{ one.part }}</bdi>: {{ one.says }}</li>{% endfor %}</ul>
{% else %}<p>Nothing that a model would see.</p>{% endif %}
{% endfor %}
</section>
{% endmacro %}

{% macro finding(weighed, open, titles, part) %}
{% set one = weighed.finding %}
<details{% if open %} open{% endif %}>
<summary>{{ part.severity(one.severity) }} <span class="title">{{ one.title }}</span>
<span class="at"><bdi>{{ one.location.words() }}</bdi></span></summary>
<div class="inside"><dl class="facts">
<dt>What is wrong</dt><dd>{{ one.message }}</dd>
{% if one.evidence %}<dt>Path</dt><dd><ol>
{% for step in one.evidence %}
<li>{{ step.says }} {% if step.location.file or step.location.server or step.location.part %}<span class="soft small"><bdi>{{ step.location.words() }}</bdi></span>{% endif %}
{% if step.excerpt %}<span class="excerpt code"><bdi>{{ step.excerpt }}</bdi></span>{% endif %}</li>
{% endfor %}
</ol></dd>{% endif %}
<dt>What it allows</dt><dd>{{ one.consequence }}</dd>
{% if weighed.says %}<dt>Weight here</dt><dd>{{ weighed.says }}</dd>{% endif %}
<dt>What to do</dt><dd class="todo">{{ one.remedy }}</dd>
{% if one.references %}<dt>Standards</dt><dd><ul>
{% for key in one.references %}<li>{{ key }}: {{ titles.get(key, "") }}</li>{% endfor %}
</ul></dd>{% endif %}
<dt>Rule and confidence</dt><dd><code>{{ one.rule }}</code>, {{ one.confidence.word }} confidence, {{ one.category }}</dd>
<dt>Fingerprint</dt><dd><code>{{ one.fingerprint }}</code></dd>
</dl></div></details>
{% endmacro %}
"""
