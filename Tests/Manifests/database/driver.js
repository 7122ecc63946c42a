// The driver's thread: takes a request, answers with the value or the failure.
"use strict";
const { workerData } = require("node:worker_threads");
const { bson, driver } = require("./modules.js");

const { signal, port } = workerData;
const clients = [];

async function carryOut({ client, database, collection, method, parameters }) {
    if (method === "connect") {
        // This driver checks no certificate unless it is told to.
        const options = { useNewUrlParser: true, useUnifiedTopology: true, promoteLongs: false, sslValidate: true };
        clients.push(await driver().MongoClient.connect(parameters[0], options));
        return clients.length - 1;
    }
    const db = clients[client].db(database);
    if (collection === undefined) return db[method](...parameters);
    const answer = await db.collection(collection)[method](...parameters);
    if (method === "find") return answer.toArray();
    return typeof answer === "object" ? answer.result : answer;
}

port.on("message", async (message) => {
    let answer;
    try {
        answer = { value: await carryOut(bson.deserialize(Buffer.from(message))) };
    } catch (error) {
        const isServers = ["MongoError", "MongoBulkWriteError", "BulkWriteError"].includes(error.name) && error.code !== undefined;
        const { message: text, code } = error;
        answer = { failure: { name: isServers ? "MongoServerError" : error.name, message: text, code } };
    }
    port.postMessage(bson.serialize(answer, { ignoreUndefined: true }));
    Atomics.store(signal, 0, 1);
    Atomics.notify(signal, 0);
});
