package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;

/** Stands for the class of the same name in Jenkins core. */
public class Util {
    @NonNull
    public static String getTimeSpanString(long duration) {
        return duration + " ms";
    }

    @Nullable
    public static String escape(@CheckForNull String text) {
        return text == null
                ? null
                : text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
