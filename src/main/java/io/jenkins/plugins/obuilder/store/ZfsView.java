package io.jenkins.plugins.obuilder.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A finished result to read: a clone of it. */
final class ZfsView implements Store.View {
    private final ZfsCommands zfs;
    private final String dataset;
    private final Path top;
    private final Path rootfs;

    private ZfsView(ZfsCommands zfs, String dataset, Path top, Path rootfs) {
        this.zfs = zfs;
        this.dataset = dataset;
        this.top = top;
        this.rootfs = rootfs;
    }

    static ZfsView of(ZfsCommands zfs, ZfsDatasets datasets, ZfsResults.Result result, String clone)
            throws IOException {
        ZfsParts parts = new ZfsParts(zfs, datasets, clone, result.parts());
        ZfsView view = new ZfsView(zfs, clone, datasets.path(clone), parts.rootfs());
        boolean open = false;
        try {
            List<String> options = List.of(ZfsDatasets.NOT_MOUNTED, "readonly=on");
            if (zfs.clone(result.snapshot(), clone, options) != ZfsCommands.Cloned.YES) {
                throw new StoreException("cannot open the snapshot " + result.snapshot() + ": it was just deleted");
            }
            zfs.mount(clone);
            parts.cloneFrom(result.dataset());
            open = true;
            return view;
        } finally {
            if (!open) {
                view.close();
            }
        }
    }

    /** The result's own directory, with its log and its environment. */
    Path top() {
        return top;
    }

    @Override
    public Path rootfs() {
        return rootfs;
    }

    @Override
    public void close() throws IOException {
        zfs.destroy(dataset);
    }
}
