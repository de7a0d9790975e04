"""What can go wrong between an upload and a published model (branches of `stream_server.errors`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stream_server.errors import Conflict, Forbidden, Invalid, NotFound, TooMany


@dataclass(eq=False)
class UnknownUpload(NotFound):
    """No such upload, or it has run out, or it is another brand's."""

    code: ClassVar[str] = "unknown_upload"

    def __init__(self, upload_id: str) -> None:
        super().__init__("upload", upload_id)


@dataclass(eq=False)
class UnknownJob(NotFound):
    """No such job, or it is another brand's."""

    code: ClassVar[str] = "unknown_job"

    def __init__(self, job_id: str) -> None:
        super().__init__("job", job_id)


@dataclass(eq=False)
class UnknownModel(NotFound):
    """No such model, or it is another brand's."""

    code: ClassVar[str] = "unknown_model"

    def __init__(self, model_id: str) -> None:
        super().__init__("model", model_id)


class NotYourModel(Forbidden):
    """The product belongs to another brand."""

    code: ClassVar[str] = "not_your_model"

    def __str__(self) -> str:
        return "This product belongs to another brand."


@dataclass(eq=False)
class UploadTooLarge(Invalid):
    """The announced file is larger than any model may be."""

    code: ClassVar[str] = "upload_too_large"
    size_bytes: int
    limit_bytes: int

    def __str__(self) -> str:
        return f"The file has {self.size_bytes // 2**20} MB; at most {self.limit_bytes // 2**20} MB can be uploaded."


@dataclass(eq=False)
class TooManyUploads(TooMany):
    """A brand, or everybody together, has too many unfinished uploads."""

    code: ClassVar[str] = "too_many_uploads"
    limit: int

    def __str__(self) -> str:
        return f"{self.limit} uploads are under way already. Finish or remove one, or wait a little."


@dataclass(eq=False)
class WrongOffset(Conflict):
    """The bytes do not begin where those that have arrived end (tus: ask with HEAD and go on from there)."""

    code: ClassVar[str] = "wrong_offset"
    received_bytes: int

    def __str__(self) -> str:
        return f"{self.received_bytes} bytes have arrived; go on from there."


class UploadBusy(Conflict):
    """Two requests write the same upload at once."""

    code: ClassVar[str] = "upload_busy"

    def __str__(self) -> str:
        return "This upload is being written by another request."


@dataclass(eq=False)
class UploadIncomplete(Conflict):
    """Bytes are still missing."""

    code: ClassVar[str] = "upload_incomplete"
    received_bytes: int
    size_bytes: int

    def __str__(self) -> str:
        return f"{self.size_bytes - self.received_bytes} bytes have not arrived yet."


@dataclass(eq=False)
class StorageFull(TooMany):
    """The server's disk has no room for uploads."""

    code: ClassVar[str] = "storage_full"

    def __str__(self) -> str:
        return "The server has no room for uploads right now."


@dataclass(eq=False)
class TooManyJobs(TooMany):
    """A brand, or everybody together, has too many jobs waiting."""

    code: ClassVar[str] = "too_many_jobs"
    limit: int

    def __str__(self) -> str:
        return f"{self.limit} models are waiting already. Try again when one is done."


@dataclass(eq=False)
class JobState(Conflict):
    """The job is not in a state that allows this."""

    code: ClassVar[str] = "job_state"
    state: str

    def __str__(self) -> str:
        return f"This cannot be done with a job that is {self.state}."


@dataclass(eq=False)
class BadPublication(Invalid):
    """A model cannot be published like this."""

    code: ClassVar[str] = "bad_publication"
    reason: str

    def __str__(self) -> str:
        return f"This cannot be published: {self.reason}."


class ModelInUse(Conflict):
    """The model is published; take it from its products first."""

    code: ClassVar[str] = "model_in_use"

    def __str__(self) -> str:
        return "This model is published. Take it from its products first."
