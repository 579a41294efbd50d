/** Runs one command on a snapshot, shut in: in a container ({@code runc}) or as a freshly made user account ({@code user}). */
package io.jenkins.plugins.obuilder.sandbox;
