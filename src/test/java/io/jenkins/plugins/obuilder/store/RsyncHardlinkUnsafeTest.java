package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@Needs({Need.PRIVATE_ROOT, Need.RSYNC})
class RsyncHardlinkUnsafeTest extends RsyncContract {
    @Override
    RsyncMode mode() {
        return RsyncMode.HARDLINK_UNSAFE;
    }

    @Test
    void trustsInTimesAndSizes() throws Exception {
        build(1, null, rootfs -> sh(rootfs, "echo same > same; echo other > other; echo trusted > trusted"));
        build(
                2,
                1,
                rootfs -> sh(
                        rootfs,
                        "echo Other > other; touch -r trusted t; echo Trusted > trusted; touch -r t trusted; rm t"));
        Path first = root.resolve("result/" + id(1) + "/rootfs");
        Path second = root.resolve("result/" + id(2) + "/rootfs");
        assertThat(Files.isSameFile(first.resolve("same"), second.resolve("same")))
                .isTrue();
        assertThat(Files.isSameFile(first.resolve("other"), second.resolve("other")))
                .isFalse();
        assertThat(Files.isSameFile(first.resolve("trusted"), second.resolve("trusted")))
                .isTrue();
    }
}
