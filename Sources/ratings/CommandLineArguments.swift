import RatingsService

/// What the command line asks for.
enum CommandLineArguments {
    case help
    case version
    /// To look once at every layer between here and the database.
    case check(isJSON: Bool)
    /// To serve, on this port.
    case serve(port: String)

    static let versionText = "ratings v2 1.0.0\n"

    private static let usage = "usage: ratings [PORT] | check [--json] | --help | --version"

    static let helpText = """
        Bookinfo's ratings service, version v2: ratings from a MongoDB database.

        \(usage)

          PORT       the TCP port to listen on, on all addresses (default 9080)
          check      walk the layers to the database of MONGO_DB_URL (DNS, TCP, sidecar, TLS, hello, authentication,
                     read), say which one fails and why, and end: with 0, with 1 where one fails, with 78 where
                     MONGO_DB_URL cannot be used; --json prints one JSON object
          --help     print this and end
          --version  print the version and end

        Environment:
          MONGO_DB_URL        the database, such as mongodb://USER:PASSWORD@HOST:27017/test?authSource=test&ssl=true
          REQUEST_TIMEOUT_MS  no request takes longer, in milliseconds (default 2000)
          LOG_LEVEL           trace, debug, info, notice, warning, error or critical (default info)
          SERVICE_VERSION     v2 or nothing
          DB_TYPE             mongodb or nothing

        """

    /// - Parameter arguments: without the program's name.
    /// - Throws: ``ConfigurationError`` where there is more than a port.
    init(_ arguments: some Collection<String>) throws(ConfigurationError) {
        // "--" ends the options, so that a port is taken as it is.
        let values = arguments.first == "--" ? Array(arguments.dropFirst()) : Array(arguments)
        switch values.first {
        case "--help", "-h": self = .help
        case "--version": self = .version
        case "check" where values.count == 1: self = .check(isJSON: false)
        case "check" where values.count == 2 && values[1] == "--json": self = .check(isJSON: true)
        case "check": throw ConfigurationError("check takes --json and nothing else; \(Self.usage)")
        case let option? where option.hasPrefix("--"):
            throw ConfigurationError("unknown option \(option); \(Self.usage)")
        case _ where values.count > 1:
            throw ConfigurationError("one argument at most, the port; \(Self.usage)")
        case let port: self = .serve(port: port ?? "9080")
        }
    }
}
