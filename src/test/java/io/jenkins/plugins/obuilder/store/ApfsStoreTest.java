package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is not the system call, which only a Mac has: {@code cp} stands in for it. */
@Needs(Need.PRIVATE_ROOT)
class ApfsStoreTest extends CrashContract {
    @Override
    String name(Path directory) {
        return "apfs:" + directory;
    }

    /** Each is a whole copy here. */
    @Override
    int deep() {
        return super.deep() / 10;
    }

    @Override
    int stress() {
        return super.stress() / 5;
    }

    @Test
    void saysWhenTheSystemCannotClone() {
        Path other = temp.resolve("elsewhere");
        assertThatThrownBy(() -> Stores.open(name(other), new SystemCommands()))
                .hasMessageContaining("cannot keep a store of the kind apfs in " + other)
                .hasMessageContaining("clonefile(2) is a call of macOS");
        assertThat(other).doesNotExist();
    }
}
