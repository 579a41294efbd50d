package io.jenkins.plugins.obuilder.host;

/** All that is done to files by Darwin. */
final class DarwinFiles {
    private DarwinFiles() {}

    static FileCalls calls() {
        return new FileCalls(KernelErrors.OF_DARWIN, new DarwinNames(), new DarwinDescriptors(), new DarwinXattrs());
    }
}
