package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.obuilderfs.PrefixBusyException;
import io.jenkins.plugins.obuilder.obuilderfs.PrefixView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Has a file system lead each account to its own: for all at the same time, or, as that has it, for one. */
record ViewedPrefix(PrefixView view, Path prefix) implements MacPrefix {
    @Override
    public void onceLed(int uid, Undo undo, Cancellation cancellation) throws IOException {
        undo.add(lease(uid, cancellation));
        if (!prefix.equals(view.path())) {
            link();
        }
    }

    private PrefixView.Lease lease(int uid, Cancellation cancellation) throws IOException {
        while (true) {
            Lease.check(cancellation);
            try {
                return view.lease(uid);
            } catch (PrefixBusyException e) {
                Lease.pause("Homebrew's prefix, which the user " + e.holder() + " has");
            }
        }
    }

    /** The prefix is a link to where the file system shows the trees; it stays. */
    private void link() throws IOException {
        if (Files.isSymbolicLink(prefix)) {
            if (!Files.readSymbolicLink(prefix).equals(view.path())) {
                throw new HostException(prefix + " is a link to " + Files.readSymbolicLink(prefix)
                        + "; remove it, so that it can lead to " + view.path());
            }
        } else if (Files.exists(prefix)) {
            throw new HostException(prefix + " is there already; move it away, so that a link to " + view.path()
                    + " can take its place, or use --prefix-mode swap or passthrough");
        } else {
            Files.createDirectories(prefix.getParent());
            Files.createSymbolicLink(prefix, view.path());
        }
    }
}
