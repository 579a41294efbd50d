/**
 * Where snapshots are kept: one backend a file system, the index beside it, caches, locks and repair after a crash. The store is the
 * truth, the index a help.
 */
package io.jenkins.plugins.obuilder.store;
