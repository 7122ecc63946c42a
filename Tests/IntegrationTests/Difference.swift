/// Where this service deliberately answers otherwise than the original ratings v2, and why. The README lists the same.
struct Difference: Sendable {
    let name: String
    let original: String
    let here: String
    let reason: String
    /// The suite that covers it.
    let test: String

    static let all = [
        Difference(
            name: "pipelined: GET close then GET", original: "400 and the first answer lost", here: "200, then closed",
            reason: "the first request is right, whatever follows it", test: "OriginalHTTPAnswers"),
        Difference(
            name: "methods other than GET and POST", original: "no answer, ever", here: "405 with Allow, or 404",
            reason: "a caller must not hang", test: "API"),
        Difference(
            name: "HEAD", original: "no answer, ever", here: "as GET, without the body",
            reason: "RFC 9110 asks for it of every server", test: "API"),
        Difference(
            name: "absolute form with a broken authority", original: "no answer, ever", here: "answered by its path",
            reason: "a caller must not hang", test: "API"),
        Difference(
            name: "client that closes its sending side", original: "answer lost", here: "answered",
            reason: "the request was complete", test: "API"),
        Difference(
            name: "CONNECT", original: "closed without a word", here: "404, then closed",
            reason: "a refusal should be heard", test: "API"),
        Difference(
            name: "garbage, or more requests, behind a request", original: "answers under way lost",
            here: "answered, then refused", reason: "the request was complete", test: "RecordedStreamAnswers"),
        Difference(
            name: "Upgrade", original: "answered, then deaf", here: "ignored", reason: "a caller must not hang",
            test: "RecordedStreamAnswers"),
        Difference(
            name: "GET with a body", original: "answered before the body", here: "answered when it has been read",
            reason: "what follows is found by reading it", test: "ClientVariety"),
        Difference(
            name: "HTTP/0.9, HTTP/2.0, ICE, methods of RTSP", original: "served", here: "400",
            reason: "nobody asks so", test: "RecordedStreamAnswers"),
        Difference(
            name: "HTTP/1.0 with keep-alive", original: "closed", here: "kept open, and said so",
            reason: "the client asked for it", test: "ClientVariety"),
        Difference(
            name: "POST body nested more than 4,096 levels deep", original: "taken", here: "400",
            reason: "memory has to be bounded", test: "BadClients"),
        Difference(
            name: "POST body over 1 MiB", original: "taken; the process dies of 512 MB", here: "413",
            reason: "memory has to be bounded", test: "BadClients"),
        Difference(
            name: "request that is not complete after 10 s", original: "kept for minutes", here: "closed",
            reason: "a client must not hold connections for nothing", test: "BadClients"),
        Difference(
            name: "key __proto__ in a rating", original: "changes the object around it, or the process dies",
            here: "left out", reason: "nobody means it, and a document must not end the process",
            test: "RatingFieldTests"),
        Difference(
            name: "regular expression that JavaScript refuses", original: "500", here: "{}, as for any other",
            reason: "what a rating is not need not be compiled", test: "RatingFieldTests"),
        Difference(
            name: "what the original's driver refuses in _id or behind the second document", original: "500",
            here: "not read", reason: "two documents without their _id are all that an answer needs",
            test: "SharedReads"),
        Difference(
            name: "rating whose JSON is over 8 MB, or with over a million keys", original: "answered", here: "500",
            reason: "memory has to be bounded", test: "LargeDocuments"),
        Difference(
            name: "database that answers after more than 2 s", original: "waits for it", here: "500 within 2 s",
            reason: "reviews v3 gives up after 2.5 s", test: "LoadFaults"),
        Difference(
            name: "malformed MONGO_DB_URL",
            original: "500 for every request, or the process dies", here: "does not start, exit status 78",
            reason: "whoever sets it should see it at once", test: "StartUpErrors"),
        Difference(
            name: "compressors in MONGO_DB_URL", original: "500, the compressor is missing", here: "200",
            reason: "the driver can do it", test: "URLVariants"),
        Difference(
            name: "tlsCAFile beside ssl=true, or missing", original: "ignored, or no answer, ever",
            here: "used, or the service does not start", reason: "ssl and tls are two spellings of one option",
            test: "StartUpErrors"),
    ]
}
