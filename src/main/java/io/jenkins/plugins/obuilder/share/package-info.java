/** Snapshots to and from a registry, so that a fleet of agents has one memory. */
package io.jenkins.plugins.obuilder.share;
