/**
 * The language: what a spec says, and the ids of what it makes.
 *
 * <p>Text here is <em>byte strings</em>: a {@link java.lang.String} in which every char is one byte (0–255, ISO-8859-1), because
 * snapshot ids are hashes of bytes and a spec, a file name or an environment variable need not be UTF-8. {@link
 * io.jenkins.plugins.obuilder.spec.Bytes} converts at the edges. Nothing in this package touches the operating system.
 */
package io.jenkins.plugins.obuilder.spec;
