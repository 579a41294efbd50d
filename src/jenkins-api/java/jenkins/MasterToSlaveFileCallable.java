package jenkins;

import jenkins.agents.ControllerToAgentFileCallable;

/** Stands for the class of the same name in Jenkins core. */
public abstract class MasterToSlaveFileCallable<T> implements ControllerToAgentFileCallable<T> {
    private static final long serialVersionUID = 1L;
}
