import Testing

@testable import MeshLab

/// What an ordinary user lacks is said before anything starts.
struct PrerequisitesTests {
    private var whole: Prerequisites {
        Prerequisites(
            user: "ann", id: 1001, subordinateUsers: "bob:1:9\nann:100000:65536\n",
            subordinateGroups: "1001:100000:1338\n", hasMapTools: true, maximum: 100)
    }

    @Test func nothingIsMissing() {
        #expect(whole.missing == nil)
    }

    @Test func userNamespaces() {
        var machine = whole
        machine.maximum = 0
        #expect(
            machine.missing
                == "the mesh lab needs user namespaces, and this machine allows none: run it as root, or have root run sysctl user.max_user_namespaces=10000"
        )
    }

    @Test func mapTools() {
        var machine = whole
        machine.hasMapTools = false
        #expect(
            machine.missing
                == "the mesh lab needs newuidmap and newgidmap to have several users: run it as root, or have root run apt-get install uidmap"
        )
    }

    @Test(arguments: ["", "bob:100000:65536\n", "ann:100000:1337\n"])
    func subordinateIDs(_ text: String) {
        var machine = whole
        machine.subordinateGroups = text
        #expect(
            machine.missing
                == "the mesh lab needs 1338 ids of ann's own, and /etc/subgid gives fewer: run it as root, or have root run usermod --add-subgids 100000-165535 ann (a range that nobody else has)"
        )
    }
}
