package io.jenkins.plugins.obuilder.defects;

/** On ext4. */
class HeadroomTest extends HeadroomContract {
    HeadroomTest() {
        super("overlayfs", 170, "mkfs.ext4", "-q", "-m", "0");
    }
}
