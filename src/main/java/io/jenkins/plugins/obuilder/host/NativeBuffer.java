package io.jenkins.plugins.obuilder.host;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory that the kernel reads from and writes to without a copy in between. Not thread-safe. */
public final class NativeBuffer {
    private final Memory memory;
    private final ByteBuffer bytes;
    private final long address;

    /** Of so many bytes, all 0. */
    public NativeBuffer(int size) {
        memory = new Memory(size);
        memory.clear();
        bytes = memory.getByteBuffer(0, size).order(ByteOrder.nativeOrder());
        address = Pointer.nativeValue(memory);
    }

    /** The memory itself, in the machine's byte order. */
    public ByteBuffer bytes() {
        return bytes;
    }

    public int size() {
        return bytes.capacity();
    }

    /** Where a byte of it lies; one past the end is allowed. */
    long at(int offset) {
        if (offset < 0 || offset > bytes.capacity()) {
            throw new IndexOutOfBoundsException("offset " + offset + " of " + bytes.capacity());
        }
        return address + offset;
    }

    /** Where {@code length} bytes of it lie. */
    long at(int offset, int length) {
        if (length < 0 || offset < 0 || offset > bytes.capacity() - length) {
            throw new IndexOutOfBoundsException("bytes " + offset + " + " + length + " of " + bytes.capacity());
        }
        return address + offset;
    }
}
