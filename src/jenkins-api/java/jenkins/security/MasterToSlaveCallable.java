package jenkins.security;

import jenkins.agents.ControllerToAgentCallable;

/** Stands for the class of the same name in Jenkins core. */
public abstract class MasterToSlaveCallable<V, T extends Throwable> implements ControllerToAgentCallable<V, T> {
    private static final long serialVersionUID = 1L;
}
