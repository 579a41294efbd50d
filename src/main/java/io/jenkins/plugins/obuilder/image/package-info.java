/** Base images: turns {@code (from NAME)} into the first snapshot. */
package io.jenkins.plugins.obuilder.image;
