package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;

/** Extended attributes of a name in an open directory, {@code .} being the directory; those of a link are its own. */
interface XattrCalls {
    /** The names, with a NUL behind each; no bytes when there are none. */
    byte[] list(int dir, byte[] name) throws LastErrorException;

    byte[] get(int dir, byte[] name, byte[] attribute) throws LastErrorException;

    void set(int dir, byte[] name, byte[] attribute, byte[] value) throws LastErrorException;

    void remove(int dir, byte[] name, byte[] attribute) throws LastErrorException;
}
