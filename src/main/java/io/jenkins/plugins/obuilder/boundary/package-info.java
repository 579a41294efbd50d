/**
 * Between a caller without root's rights and the root side that builds for it: what goes over the pipe, what root is configured to allow,
 * and how it is installed. docs/security.md tells what trusts what.
 */
package io.jenkins.plugins.obuilder.boundary;
