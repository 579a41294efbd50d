package hudson.remoting;

import java.io.IOException;

/** Stands for the class of the same name in Jenkins remoting. */
public interface VirtualChannel {
    <V, T extends Throwable> V call(Callable<V, T> callable) throws IOException, T, InterruptedException;

    <V, T extends Throwable> Future<V> callAsync(Callable<V, T> callable) throws IOException;
}
