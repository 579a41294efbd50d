package io.jenkins.plugins.obuilder.defects;

import org.junit.jupiter.api.Tag;

/** On btrfs, which frees what was deleted only after a while. */
@Tag("long")
class HeadroomOnBtrfsTest extends HeadroomContract {
    HeadroomOnBtrfsTest() {
        super("btrfs", 300, "mkfs.btrfs", "-q");
    }
}
