/** Runs a spec: stages, steps, one build per id, events out. */
package io.jenkins.plugins.obuilder.engine;
