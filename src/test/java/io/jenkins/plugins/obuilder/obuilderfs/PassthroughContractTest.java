package io.jenkins.plugins.obuilder.obuilderfs;

/** At its real path, for one user. */
class PassthroughContractTest extends PrefixContract {
    @Override
    Mode mode() {
        return Mode.PASSTHROUGH;
    }

    @Override
    int[] uids() {
        return new int[] {PrefixLab.ALICE};
    }

    @Override
    String whereIs(int uid, String name) {
        return lab().mountpoint.resolve(name).toString();
    }
}
