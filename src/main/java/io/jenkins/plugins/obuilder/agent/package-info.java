/** Carries a build to an agent and its output back. */
package io.jenkins.plugins.obuilder.agent;
