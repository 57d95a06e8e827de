-- One caller for wrk: requests of several sessions in turn, each with an id and an argument of its
-- own, every answer checked. The plan is a Lua file named by BENCH_PLAN: path, body, headers, expect.
local plan = dofile(os.getenv("BENCH_PLAN"))
local threads, cut, turn, id = {}, {}, 0, 1000000
bad, first_bad = 0, ""

function setup(thread) table.insert(threads, thread) end

function init()
  for n, headers in ipairs(plan.headers) do
    -- ids have seven digits, so that each request is written once and cut where they belong
    local text, pieces, at = wrk.format("POST", plan.path, headers, plan.body), {}, 1
    while true do
      local from, to = text:find("7777777", at, true)
      if not from then break end
      table.insert(pieces, text:sub(at, from - 1))
      at = to + 1
    end
    table.insert(pieces, text:sub(at))
    cut[n] = pieces
  end
end

function request()
  turn = turn % #cut + 1
  id = id + 1
  return table.concat(cut[turn], id)
end

function response(status, _, body)
  if status ~= 200 or not body:find(plan.expect, 1, true) then
    bad = bad + 1
    if first_bad == "" then first_bad = status .. " " .. body:sub(1, 300) end
  end
end

function done(summary, latency)
  local wrong, example = 0, ""
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("bad")
    if example == "" then example = thread:get("first_bad") end
  end
  local e = summary.errors
  print(string.format("RESULT %d %d %d %d %f %f %f", summary.requests, summary.duration, wrong,
    e.connect + e.read + e.write + e.timeout,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
  if example ~= "" then print("EXAMPLE " .. example:gsub("\n", " ")) end
end
