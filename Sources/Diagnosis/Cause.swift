/// Why a layer failed. The names are stable: they stand in `ratings check --json` and in the log.
public enum Cause: String, Sendable, CaseIterable {
    // The connection string
    case connectionStringUnusable

    // DNS
    case nameNotFound
    case nameWithoutAddress
    case nameServerSilent
    case nameServerFailed
    case serviceRecordsMissing
    case serviceTargetOutsideDomain
    case severalTXTRecords
    case forbiddenTXTOption

    // TCP
    case connectionRefused
    case connectionSilent
    case noRoute
    case unixSocketMissing
    case connectionFailed

    // The sidecar
    case sidecarNotReady
    case blocked
    case serverNameNotAllowed
    case plainWhereTLSIsExpected
    case gatewayWithoutEndpoint
    case gatewayPortMissing
    case gatewayUnreachable
    case gatewaySilent
    case closedBehindGateway
    case nameNotResolvedBySidecar
    case databaseWithoutEndpoint
    case databaseUnreachableBehindSidecar
    case databaseSilentBehindSidecar
    case tlsOriginationFailed
    case tlsTwice
    case pastTLSOrigination

    // TLS
    case closedDuringHandshake
    case silentDuringHandshake
    case serverSpeaksNoTLS
    case handshakeRefused
    case clientCertificateRequired
    case clientCertificateRefused
    case certificateExpired
    case certificateNotYetValid
    case certificateForAnotherName
    case certificateIssuerUnknown
    case certificateSelfSigned
    case certificateAuthorityIncomplete
    case certificateIssuerNoAuthority
    case certificateNotForServers
    case certificateKeyUsageUnfit
    case certificateSignatureWeak
    case certificateKeyWeak
    case certificateRefused

    // Hello
    case serverRequiresTLS
    case closedDuringHello
    case silentDuringHello
    case notMongoDB
    case serverTooOld
    case otherReplicaSet
    case notAReplicaSet
    case noPrimary
    case notALoadBalancer
    case helloFailed

    // Authentication
    case credentialsRefused
    case certificateUserUnknown
    case mechanismNotOffered
    case closedDuringAuthentication
    case silentDuringAuthentication
    case authenticationFailed

    // The read
    case notAuthorized
    case closedDuringRead
    case silentDuringRead
    case readFailed
    /// In the log only: the service's reads fail on layers that all pass.
    case readsFail
    /// In the log only: what the database holds cannot be written as JSON.
    case documentUnusable
}
