/** The {@code obuilder} command: the engine from a shell. Knows no Jenkins. */
package io.jenkins.plugins.obuilder.cli;
