/* The native egress: one source packet in, one SRTP packet per viewer out, without the GIL.
 *
 * Python pushes RTP payloads (it has parsed the header) and commands into a bounded ring; threads, each for its share
 * of the viewers, read it, gather the packets of a frame, and for each viewer write a header, protect it and send the run
 * with one system call (UDP GSO). Python keeps everything else: signalling, RTCP, retransmission on its own SSRC.
 *
 * Who owns what: the ring's slots belong to the producer (the Python thread holding the GIL) until `filled` passes them,
 * then to the threads until the last one's `tail` does. Tracks and viewers belong to their thread alone; Python reads only
 * their atomic counters. No lock is held while sending.
 *
 * Nonce safety (RFC 7714 section 8.1): a packet index is used once per stream; what would repeat one is dropped.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include "engine.h"

typedef struct {
    PyObject_HEAD
    struct engine *engine;
    unsigned int threads;
} Egress;

static PyObject *closed_error(void)
{
    PyErr_SetString(PyExc_ValueError, "the egress is closed");
    return NULL;
}

static PyObject *egress_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"max_streams", "threads", "gso", NULL};
    unsigned int max_streams = 4096, threads = 1;
    int gso = 1;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|IIp", names, &max_streams, &threads, &gso))
        return NULL;
    if (max_streams < 1 || max_streams > 65536 || threads < 1 || threads > MAX_THREADS) {
        PyErr_SetString(PyExc_ValueError, "max_streams must be 1 to 65536, threads 1 to MAX_THREADS");
        return NULL;
    }
    allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Egress *self = (Egress *)alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->threads = threads;
    self->engine = engine_open(max_streams, threads, gso);
    if (self->engine == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static PyObject *egress_close(Egress *self, PyObject *Py_UNUSED(ignored))
{
    struct engine *engine = self->engine;
    self->engine = NULL;
    if (engine != NULL) {
        Py_BEGIN_ALLOW_THREADS
        engine_close(engine);
        Py_END_ALLOW_THREADS
    }
    Py_RETURN_NONE;
}

static void egress_dealloc(Egress *self)
{
    PyTypeObject *type = Py_TYPE((PyObject *)self);
    if (self->engine != NULL)
        engine_close(self->engine);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

/* add(thread, track, fd, address, profile, key, salt, auth, ssrc, payload_type, index_offset) -> stream */
static PyObject *egress_add(Egress *self, PyObject *args)
{
    unsigned int thread, track, ssrc;
    int fd, profile, payload_type;
    long long offset;
    const char *address, *key, *salt, *auth;
    Py_ssize_t address_len, key_len, salt_len, auth_len;
    if (!PyArg_ParseTuple(args, "IIiy#iy#y#y#IiL", &thread, &track, &fd, &address, &address_len, &profile, &key, &key_len,
                          &salt, &salt_len, &auth, &auth_len, &ssrc, &payload_type, &offset))
        return NULL;
    if (self->engine == NULL)
        return closed_error();
    int is_gcm = profile == PROFILE_AEAD_AES_128_GCM;
    if (thread >= self->threads || track > MAX_TRACKS || address_len < 1 ||
        (size_t)address_len > sizeof(struct sockaddr_storage) || key_len != 16 || salt_len != (is_gcm ? 12 : 14) ||
        auth_len != (is_gcm ? 0 : 20) || payload_type < 0 || payload_type > 127 ||
        (!is_gcm && profile != PROFILE_AES128_CM_SHA1_80)) {
        PyErr_SetString(PyExc_ValueError, "a stream needs a thread, a track, an address, and keys of its profile's lengths");
        return NULL;
    }
    struct stream_setup setup = {.thread = thread, .track = track, .fd = fd, .address_len = (socklen_t)address_len,
                                 .profile = profile, .ssrc = ssrc, .payload_type = (uint8_t)payload_type, .offset = offset};
    memcpy(&setup.address, address, (size_t)address_len);
    memcpy(setup.key, key, 16);
    memcpy(setup.salt, salt, (size_t)salt_len);
    memcpy(setup.auth, auth, (size_t)auth_len);
    long stream = engine_add(self->engine, &setup);
    if (stream == ENGINE_FULL) {
        PyErr_SetString(PyExc_BufferError, "no free stream, or the ring is full");
        return NULL;
    }
    if (stream == ENGINE_NO_CRYPTO) {
        PyErr_SetString(PyExc_RuntimeError, "OpenSSL refused the cipher");
        return NULL;
    }
    return PyLong_FromLong(stream);
}

static PyObject *command_result(int accepted)
{
    if (!accepted) {
        PyErr_SetString(PyExc_BufferError, "no such stream, or the ring is full");
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *egress_remove(Egress *self, PyObject *args)
{
    unsigned int stream;
    if (!PyArg_ParseTuple(args, "I", &stream))
        return NULL;
    return self->engine == NULL ? closed_error() : command_result(engine_remove(self->engine, stream));
}

/* move(stream, fd, address): the viewer's address changed. */
static PyObject *egress_move(Egress *self, PyObject *args)
{
    unsigned int stream;
    int fd;
    const char *address;
    Py_ssize_t address_len;
    if (!PyArg_ParseTuple(args, "Iiy#", &stream, &fd, &address, &address_len))
        return NULL;
    if (self->engine == NULL)
        return closed_error();
    if (address_len < 1 || (size_t)address_len > sizeof(struct sockaddr_storage)) {
        PyErr_SetString(PyExc_ValueError, "not a socket address");
        return NULL;
    }
    return command_result(engine_move(self->engine, stream, fd, address, (socklen_t)address_len));
}

/* attach(stream, track): from now on the stream gets what is pushed to the track. */
static PyObject *egress_attach(Egress *self, PyObject *args)
{
    unsigned int stream, track;
    if (!PyArg_ParseTuple(args, "II", &stream, &track))
        return NULL;
    if (self->engine == NULL)
        return closed_error();
    if (track > MAX_TRACKS) {
        PyErr_SetString(PyExc_ValueError, "no such track");
        return NULL;
    }
    return command_result(engine_attach(self->engine, stream, track));
}

/* retarget(stream, track, index_offset, timestamp_offset): from now on the stream carries another track. */
static PyObject *egress_retarget(Egress *self, PyObject *args)
{
    unsigned int stream, track, timestamp_offset;
    long long offset;
    if (!PyArg_ParseTuple(args, "IILI", &stream, &track, &offset, &timestamp_offset))
        return NULL;
    if (self->engine == NULL)
        return closed_error();
    if (track > MAX_TRACKS) { /* MAX_TRACKS itself means: nothing, paused */
        PyErr_SetString(PyExc_ValueError, "no such track");
        return NULL;
    }
    return command_result(engine_retarget(self->engine, stream, track, offset, timestamp_offset));
}

static PyObject *egress_set_payload_type(Egress *self, PyObject *args)
{
    unsigned int stream;
    int payload_type;
    if (!PyArg_ParseTuple(args, "Ii", &stream, &payload_type))
        return NULL;
    if (self->engine == NULL)
        return closed_error();
    if (payload_type < 0 || payload_type > 127) {
        PyErr_SetString(PyExc_ValueError, "not a payload type");
        return NULL;
    }
    return command_result(engine_set_payload_type(self->engine, stream, (uint8_t)payload_type));
}

/* Reads (number, payload, index, timestamp, marker, padded[, flush, more]) as `push` and `push_to` take them. */
static int read_packet(Egress *self, PyObject *args, unsigned int *number, struct packet *packet, int *flush, int *more)
{
    unsigned int timestamp;
    long long index;
    int marker, padded;
    const char *payload;
    Py_ssize_t len;
    if (!PyArg_ParseTuple(args, "Iy#LIpp|pp", number, &payload, &len, &index, &timestamp, &marker, &padded, flush,
                          more))
        return 0;
    if (self->engine == NULL) {
        closed_error();
        return 0;
    }
    if (len > MAX_PAYLOAD || index < 0) {
        PyErr_SetString(PyExc_ValueError, "a packet needs an index and at most MAX_PAYLOAD bytes");
        return 0;
    }
    *packet = (struct packet){payload, (uint16_t)len, marker != 0, padded != 0, timestamp, index};
    return 1;
}

/* push(track, payload, index, timestamp, marker, padded, flush, more) -> bool: False when the ring is full and it was
 * dropped. `flush` sends what is gathered at once: the last packet of a video frame, every packet of audio. `more`: another
 * push follows at once, and wakes the threads. */
static PyObject *egress_push(Egress *self, PyObject *args)
{
    unsigned int track;
    struct packet packet;
    int flush = 0, more = 0;
    if (!read_packet(self, args, &track, &packet, &flush, &more))
        return NULL;
    if (track >= MAX_TRACKS) {
        PyErr_SetString(PyExc_ValueError, "no such track");
        return NULL;
    }
    return PyBool_FromLong(engine_push(self->engine, track, &packet, (uint8_t)((flush ? PUSH_FLUSH : 0) | (more ? PUSH_MORE : 0))));
}

/* push_to(stream, payload, index, timestamp, marker, padded) -> bool: the same for one stream alone. */
static PyObject *egress_push_to(Egress *self, PyObject *args)
{
    unsigned int stream;
    struct packet packet;
    int flush = 1, more = 0;
    if (!read_packet(self, args, &stream, &packet, &flush, &more))
        return NULL;
    return PyBool_FromLong(engine_push_to(self->engine, stream, &packet));
}

static PyObject *egress_counters(Egress *self, PyObject *args)
{
    unsigned int stream;
    struct counters counted;
    if (!PyArg_ParseTuple(args, "I", &stream))
        return NULL;
    if (self->engine == NULL)
        return closed_error();
    if (!engine_counters(self->engine, stream, &counted))
        return command_result(0);
    return Py_BuildValue("{s:K,s:K,s:K}", "packets", (unsigned long long)counted.packets, "octets",
                         (unsigned long long)counted.octets, "drops", (unsigned long long)counted.drops);
}

static PyMethodDef egress_methods[] = {
    {"add", (PyCFunction)(void *)egress_add, METH_VARARGS, "Start sending a track to a viewer; returns the stream."},
    {"remove", (PyCFunction)(void *)egress_remove, METH_VARARGS, "Stop a stream."},
    {"move", (PyCFunction)(void *)egress_move, METH_VARARGS, "Send a stream to another address."},
    {"attach", (PyCFunction)(void *)egress_attach, METH_VARARGS, "Let a stream carry a track."},
    {"retarget", (PyCFunction)(void *)egress_retarget, METH_VARARGS, "Let a stream carry another track, with other numbers."},
    {"set_payload_type", (PyCFunction)(void *)egress_set_payload_type, METH_VARARGS, "The track's codec changed."},
    {"push", (PyCFunction)(void *)egress_push, METH_VARARGS, "Send one source packet to all streams of a track."},
    {"push_to", (PyCFunction)(void *)egress_push_to, METH_VARARGS, "Send one source packet to one stream."},
    {"counters", (PyCFunction)(void *)egress_counters, METH_VARARGS, "What was sent to one stream."},
    {"close", (PyCFunction)(void *)egress_close, METH_NOARGS, "End the threads; may be called twice."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot egress_slots[] = {
    {Py_tp_new, egress_new},
    {Py_tp_dealloc, egress_dealloc},
    {Py_tp_methods, egress_methods},
    {Py_tp_doc, "SRTP fan-out on threads of its own (see the head of egress.c)."},
    {0, NULL},
};

static PyType_Spec egress_spec = {"stream_server.media._native.Egress", sizeof(Egress), 0, Py_TPFLAGS_DEFAULT, egress_slots};

static int module_exec(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&egress_spec);
    if (type == NULL || PyModule_AddObjectRef(module, "Egress", type) < 0) {
        Py_XDECREF(type);
        return -1;
    }
    Py_DECREF(type);
    return PyModule_AddIntConstant(module, "MAX_TRACKS", MAX_TRACKS) < 0 ||
                   PyModule_AddIntConstant(module, "MAX_THREADS", MAX_THREADS) < 0 ||
                   PyModule_AddIntConstant(module, "MAX_PAYLOAD", MAX_PAYLOAD) < 0
               ? -1
               : 0;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, module_exec}, {0, NULL}};
static struct PyModuleDef module_def = {PyModuleDef_HEAD_INIT, "_native", "The native egress.", 0, NULL, module_slots,
                                        NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&module_def); }
