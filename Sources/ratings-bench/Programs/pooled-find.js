// What `make bench` compares with: the usual way to write this service, one find per request on a pool of connections.
// Usage: MONGO_DB_URL=… node pooled-find.js PORT POOL_SIZE    (Debian's node-mongodb, driver 3.6)
'use strict'

const fs = require('fs')
const http = require('http')
const { MongoClient } = require('mongodb')

const port = Number(process.argv[2])
const poolSize = Number(process.argv[3])
// This driver does not read the tlsCAFile of a URL.
const url = process.env.MONGO_DB_URL
const sslCA = [fs.readFileSync(new URL(url).searchParams.get('tlsCAFile'))]
const client = new MongoClient(url, {
  useNewUrlParser: true, useUnifiedTopology: true, poolSize, sslValidate: true, sslCA
})

function send (response, status, value) {
  const body = JSON.stringify(value)
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}

async function main () {
  await client.connect()
  const ratings = client.db('test').collection('ratings')
  const options = { projection: { _id: 0 }, limit: 2 }

  http.createServer(async (request, response) => {
    const id = parseInt(request.url.slice(request.url.lastIndexOf('/') + 1), 10)
    try {
      const documents = await ratings.find({}, options).toArray()
      const stars = index => index < documents.length ? documents[index].rating : 0
      send(response, 200, { id, ratings: { Reviewer1: stars(0), Reviewer2: stars(1) } })
    } catch (error) {
      send(response, 500, { error: 'could not load ratings from database' })
    }
  }).listen(port, '127.0.0.1')
}

main().catch(error => {
  console.error(error.message)
  process.exit(1)
})
