package org.kohsuke.stapler.export;

/** Stands for the class of the same name in Stapler. */
public class NotExportableException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
}
