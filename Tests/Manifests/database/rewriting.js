// mongosh rewrites a script so that each call of the shell is awaited, and one that is returned directly by its caller
// instead: `try { return connect(…) } catch` does not catch, `try { const d = connect(…); return d } catch` does. Recorded
// with the real mongosh 2.12.0, 2.3.0 and 1.10.6; see issue 14.
"use strict";

/** The script with every returned call inside try marked as not awaited. */
exports.rewritten = (text) =>
    text.replace(/^\s*\/\/.*$/gm, "").replace(/\btry \{[\s\S]*?\} catch\b/g, (block) =>
        block.replace(/\breturn ([^;]*\));/g, (_, call) => `return unawaited(() => ${call});`),
    );

/** What the call returns; where it throws, something that throws the same on its first use, past the catch. */
exports.unawaited = (call) => {
    try {
        return call();
    } catch (error) {
        const fail = () => {
            throw error;
        };
        return new Proxy({}, { get: fail, has: fail });
    }
};
