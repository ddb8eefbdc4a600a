-- What `bench.wrk` has wrk ask: bodies from a file, one a line, in turn.
--
-- ASK_ADDRESSES  host:port, with spaces between; threads share themselves out over them
-- ASK_BODIES     the file; each body says @turn somewhere
-- ASK_TURN       what stands there instead, with a number, so that no body is ever sent twice; where
--                it is empty the bodies are sent as they are
-- ASK_THREADS    how many threads there are, so that each begins at another body
-- ASK_TOKEN      a bearer token, if one is asked for: here, so that no list of processes shows it

local started = 0

function setup(thread)
  local addresses = {}
  for host, port in os.getenv("ASK_ADDRESSES"):gmatch("(%S+):(%d+)") do
    addresses[#addresses + 1] = wrk.lookup(host, port)[1]
  end
  thread.addr = addresses[started % #addresses + 1]
  thread:set("place", started)
  thread:set("threads", tonumber(os.getenv("ASK_THREADS")))
  started = started + 1
end

function init()
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  local token = os.getenv("ASK_TOKEN")
  if token ~= "" then
    wrk.headers["Authorization"] = "Bearer " .. token
  end
  turn = os.getenv("ASK_TURN")
  bodies = {}
  for line in io.lines(os.getenv("ASK_BODIES")) do
    if turn == "" then
      bodies[#bodies + 1] = wrk.format(nil, nil, nil, line)
    else
      bodies[#bodies + 1] = { line:match("^(.*)@turn(.*)$") }
    end
  end
  asked = 0
  first = math.floor(place * #bodies / threads)
end

function request()
  local body = bodies[(first + asked) % #bodies + 1]
  asked = asked + 1
  if turn == "" then
    return body
  end
  return wrk.format(nil, nil, nil, body[1] .. turn .. "-" .. place .. "-" .. asked .. body[2])
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nASKED {"answers": %d, "microseconds": %d, "bytes": %d, "median": %.1f, "p99": %.1f, ' ..
    '"refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50),
    latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
