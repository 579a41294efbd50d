/**
 * The only door to the operating system: commands, files below a root, mounts, accounts, processes. One place a platform.
 */
package io.jenkins.plugins.obuilder.host;
