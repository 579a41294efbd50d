/** The per-user path: one path that leads each user to a directory of its own. */
package io.jenkins.plugins.obuilder.obuilderfs;
