package org.kohsuke.stapler.export;

/** Stands for the class of the same name in Stapler. */
public interface DataWriter {}
