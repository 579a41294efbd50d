package io.jenkins.plugins.obuilder.image;

/** What images are opened for: the machine they must run on, and how much of it they may take. */
record Host(Platform platform, UnpackLimits limits) {}
