// The shell's methods, as far as the scripts use them: each one a driver's call that is waited for.
"use strict";
const { Worker, MessageChannel, receiveMessageOnPort } = require("node:worker_threads");
const path = require("node:path");
const { bson } = require("./modules.js");

const signal = new Int32Array(new SharedArrayBuffer(4));
const { port1: port, port2: far } = new MessageChannel();
const worker = new Worker(path.join(__dirname, "driver.js"), { workerData: { signal, port: far }, transferList: [far] });
exports.close = () => worker.terminate();

// Waits for the driver on its thread.
function ask(request) {
    Atomics.store(signal, 0, 0);
    port.postMessage(bson.serialize(request));
    Atomics.wait(signal, 0, 0);
    const { failure, value } = bson.deserialize(Buffer.from(receiveMessageOnPort(port).message), { promoteLongs: false });
    if (failure) throw Object.assign(new Error(failure.message), failure);
    return value;
}

class Collection {
    constructor(database, name) {
        Object.assign(this, { database, name });
    }
    ask(method, ...parameters) {
        return ask({ client: this.database.client, database: this.database.name, collection: this.name, method, parameters });
    }
    countDocuments(filter) {
        return this.ask("countDocuments", filter);
    }
    insertMany(documents) {
        return this.ask("insertMany", documents);
    }
    insertOne(document) {
        return this.ask("insertOne", document);
    }
    deleteOne(filter) {
        return this.ask("deleteOne", filter);
    }
    find(filter, projection) {
        return { limit: (limit) => ({ toArray: () => this.ask("find", filter, { projection, limit }) }) };
    }
    drop() {
        return this.database.runCommand({ drop: this.name });
    }
}

class Database {
    constructor(client, name) {
        Object.assign(this, { client, name });
    }
    runCommand(command) {
        return ask({ client: this.client, database: this.name, method: "command", parameters: [command] });
    }
    getSiblingDB(name) {
        return new Database(this.client, name);
    }
    getCollection(name) {
        return new Collection(this, name);
    }
    hello() {
        return this.runCommand({ hello: 1 });
    }
    getUser(user) {
        return this.runCommand({ usersInfo: user }).users[0] ?? null;
    }
    createUser({ user, ...account }) {
        this.runCommand({ createUser: user, ...account });
    }
    updateUser(user, account) {
        this.runCommand({ updateUser: user, ...account });
    }
    dropUser(user) {
        this.runCommand({ dropUser: user });
    }
    getCollectionNames() {
        return this.runCommand({ listCollections: 1, nameOnly: true }).cursor.firstBatch.map(({ name }) => name);
    }
    createCollection(name) {
        return this.runCommand({ create: name });
    }
}
exports.Database = Database;

exports.connect = (text) => {
    const planned = process.env.MONGOSH_CONNECT_ERROR;
    if (planned) throw new Error(planned.replace("{url}", text));
    const [, hosts, database, query] = /^mongodb:\/\/(?:[^@/]*@)?([^/]*)\/([^?]*)\??(.*)$/.exec(text);
    const isDirect = !hosts.includes(",") && !/(^|&)replicaSet=/.test(query);
    const url = isDirect ? `${text}${query ? "&" : "?"}directConnection=true` : text;
    return new Database(ask({ method: "connect", parameters: [url] }), database);
};
