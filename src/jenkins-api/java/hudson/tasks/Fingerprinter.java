package hudson.tasks;

import hudson.model.Run;
import java.util.Map;
import jenkins.model.RunAction2;

/** Stands for the class of the same name in Jenkins core. */
public class Fingerprinter {
    /** Stands for the class of the same name in Jenkins core. */
    public static final class FingerprintAction implements RunAction2 {
        public FingerprintAction(Run<?, ?> build, Map<String, String> record) {}

        public void add(Map<String, String> moreRecords) {
            throw new UnsupportedOperationException("only Jenkins does that");
        }

        @Override
        public String getIconFileName() {
            return null;
        }

        @Override
        public String getDisplayName() {
            return null;
        }

        @Override
        public String getUrlName() {
            return null;
        }

        @Override
        public void onLoad(Run<?, ?> r) {
            throw new UnsupportedOperationException("only Jenkins does that");
        }

        @Override
        public void onAttached(Run<?, ?> r) {
            throw new UnsupportedOperationException("only Jenkins does that");
        }
    }
}
