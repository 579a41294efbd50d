package io.jenkins.plugins.obuilder.testing;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What tests of an installed root side have in common: it is installed once for a class, and configured anew for each test. */
@Needs({Need.PRIVATE_ROOT, Need.SUDO, Need.RUNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC})
public abstract class RootSideTest {
    protected static RootSide side;

    @BeforeAll
    static void install() throws IOException {
        side = RootSide.install();
    }

    @AfterAll
    static void remove() throws IOException {
        side.close();
    }

    @BeforeEach
    void configureUsual() throws IOException {
        side.configureUsual();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        side.assertNothingLeft();
    }
}
