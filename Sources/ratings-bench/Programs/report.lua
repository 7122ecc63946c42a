-- Prints wrk's result as one line that ratings-bench reads. Only `done` is defined, so wrk runs no Lua per request.
function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        "bench requests=%d microseconds=%d connect=%d read=%d write=%d status=%d timeout=%d p50=%d p99=%d\n",
        summary.requests, summary.duration, errors.connect, errors.read, errors.write, errors.status, errors.timeout,
        latency:percentile(50), latency:percentile(99)))
end
