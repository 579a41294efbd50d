package io.jenkins.plugins.obuilder.host;

import static io.jenkins.plugins.obuilder.host.DarwinLibrary.checked;

import com.sun.jna.LastErrorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** By Darwin. */
final class DarwinMountCalls implements MountCalls {
    /** Some may be mounted between the question how many there are and the next. */
    private static final int SPARE = 16;

    @Override
    public List<MountPoint> list() throws HostException {
        try {
            int most = checked(DarwinLibC.getfsstat(null, 0, DarwinLibC.MNT_NOWAIT)) + SPARE;
            byte[] all = new byte[most * DarwinStatfs.BYTES];
            int count = checked(DarwinLibC.getfsstat(all, all.length, DarwinLibC.MNT_NOWAIT));
            List<MountPoint> mounts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                mounts.add(DarwinStatfs.at(all, i).mountPoint(i));
            }
            return mounts;
        } catch (LastErrorException e) {
            throw new HostException("cannot read the list of mounts: " + Posix.describe(e), e);
        }
    }

    /** A link on the way is refused: the call itself would follow it to another mount. */
    @Override
    public void unmount(byte[] path, boolean byForce) {
        byte[] result = new byte[DarwinStatfs.BYTES];
        checked(DarwinLibC.statfs(path, result));
        if (!Arrays.equals(DarwinStatfs.at(result, 0).mountedOn(), Arrays.copyOf(path, path.length - 1))) {
            throw new LastErrorException(KernelErrors.EINVAL);
        }
        checked(DarwinLibC.unmount(path, byForce ? DarwinLibC.MNT_FORCE : 0));
    }
}
