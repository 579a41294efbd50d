package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands for the class of the same name in Jenkins core. */
public abstract class Actionable {
    private final List<Action> actions = new CopyOnWriteArrayList<>();

    public void addAction(@NonNull Action a) {
        actions.add(a);
    }

    public boolean addOrReplaceAction(@NonNull Action a) {
        actions.removeIf(old -> old.getClass() == a.getClass());
        return actions.add(a);
    }

    public <T extends Action> T getAction(Class<T> type) {
        return actions.stream().filter(type::isInstance).map(type::cast).findFirst().orElse(null);
    }
}
