package org.springframework.security.core;

/** Stands for the class of the same name in Spring Security. */
public interface Authentication {}
