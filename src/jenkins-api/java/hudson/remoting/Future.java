package hudson.remoting;

/** Stands for the class of the same name in Jenkins remoting. */
public interface Future<V> extends java.util.concurrent.Future<V> {}
