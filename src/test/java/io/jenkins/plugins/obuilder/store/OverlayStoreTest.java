package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.nio.file.Path;

@Needs({Need.PRIVATE_ROOT, Need.OVERLAYFS})
class OverlayStoreTest extends StoreContract {
    @Override
    String name(Path directory) {
        return "overlayfs:" + directory;
    }
}
