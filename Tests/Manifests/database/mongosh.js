// A stand-in for mongosh, which Debian has no package of: runs scripts against a real mongod with Debian's node-mongodb, a
// driver of the family that mongosh itself is built on. What it answers is the server's and the driver's; what is mongosh's
// own was recorded with the real mongosh 2.12.0, 2.3.0 and 1.10.6, alike in all three, and is only this:
//   - what a call inside try returns directly is not awaited there (rewriting.js);
//   - an error that nobody catches ends it with status 1 and the line "NAME: MESSAGE", where a server's error is called
//     MongoServerError, on standard error;
//   - one host without replicaSet gets directConnection=true;
//   - 64-bit integers stay objects, smaller numbers become JavaScript's.
// Of the shell's methods it has those that the scripts use.
// For the tests themselves, --lines evaluates each line of standard input and ends what it prints with an empty line.
// MONGOSH_COMMAND_LINES names a file that its command lines are added to; MONGOSH_CONNECT_ERROR is a message that connect
// fails with, {url} in it replaced: no real message was ever seen to hold a password, and the masking is to be tried.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const { Database, connect, close } = require("./shell.js");
const { rewritten, unawaited } = require("./rewriting.js");

const words = process.argv.slice(2);
if (process.env.MONGOSH_COMMAND_LINES) fs.appendFileSync(process.env.MONGOSH_COMMAND_LINES, `${words.join(" ")}\n`);
const context = vm.createContext({ process, connect, unawaited, print: console.log });
context.globalThis = context;
try {
    while (words.length > 0) {
        const word = words.shift();
        if (word === "--file") {
            const file = words.shift();
            vm.runInContext(rewritten(fs.readFileSync(file, "utf8")), context, { filename: path.basename(file) });
        } else if (word === "--eval") {
            const value = vm.runInContext(rewritten(words.shift()), context, { filename: "eval" });
            if (value !== undefined) console.log(value instanceof Database ? value.name : value);
        } else if (word === "--lines") {
            const input = fs.openSync("/dev/stdin", "r");
            const chunk = Buffer.alloc(65536);
            for (let size; (size = fs.readSync(input, chunk)) > 0; fs.writeSync(1, "\n")) {
                vm.runInContext(`(() => {${chunk.toString("utf8", 0, size)}})()`, context, { filename: "line" });
            }
        } else if (!word.startsWith("--")) {
            context.db = connect(word);
        }
    }
} catch (error) {
    console.error(`${error.name}: ${error.message}`);
    process.exitCode = 1;
} finally {
    close();
}
