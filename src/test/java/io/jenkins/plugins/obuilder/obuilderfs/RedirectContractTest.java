package io.jenkins.plugins.obuilder.obuilderfs;

/** By a link, for two users at once. A directory that is reached through a link tells its real path, as everywhere. */
class RedirectContractTest extends PrefixContract {
    @Override
    Mode mode() {
        return Mode.REDIRECT;
    }

    @Override
    int[] uids() {
        return new int[] {PrefixLab.ALICE, PrefixLab.BOB};
    }

    @Override
    String whereIs(int uid, String name) {
        return lab().local(uid).resolve(name).toString();
    }
}
