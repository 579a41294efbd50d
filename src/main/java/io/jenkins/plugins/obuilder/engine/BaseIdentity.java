package io.jenkins.plugins.obuilder.engine;

/** What a base image is known by in snapshot ids. */
public enum BaseIdentity {
    /** By what the spec calls it: every id is the reference's, and a tag that moved goes unnoticed. */
    NAME,
    /** By what it is: its digest, the kind of sandbox and what of the host matters to that. Executable bits count in {@code copy}. */
    CONTENT
}
