package hudson.util;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;

/** Stands for the class of the same name in Jenkins core. */
public class ListBoxModel extends ArrayList<ListBoxModel.Option> {
    private static final long serialVersionUID = 1L;

    /** Stands for the class of the same name in Jenkins core. */
    public static final class Option {
        public String value;
    }

    public ListBoxModel() {}

    public ListBoxModel add(@NonNull String nameAndValue) {
        Option option = new Option();
        option.value = nameAndValue;
        add(option);
        return this;
    }
}
