package hudson;

import java.util.TreeMap;

/** Stands for the class of the same name in Jenkins core. */
public class EnvVars extends TreeMap<String, String> {
    private static final long serialVersionUID = 1L;

    public EnvVars() {
        super(String.CASE_INSENSITIVE_ORDER);
    }

    @Override
    public String put(String key, String value) {
        return super.put(key, value);
    }
}
