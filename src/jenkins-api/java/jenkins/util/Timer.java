package jenkins.util;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Stands for the class of the same name in Jenkins core. */
public class Timer {
    private static final ScheduledExecutorService SERVICE = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "jenkins.util.Timer");
        thread.setDaemon(true);
        return thread;
    });

    private Timer() {}

    @NonNull
    public static synchronized ScheduledExecutorService get() {
        return SERVICE;
    }
}
