"""What an assertion found wanting."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that must be put right before the program starts. `code` is stable; `setting` is what to change."""

    code: str
    setting: str
    wrong_zh: str
    remedy_zh: str
    wrong_en: str
    remedy_en: str

    def message(self, language: str) -> str:
        """One sentence: which setting, what is wrong, what to do."""
        if language.lower().startswith("en"):
            return f"{self.setting}: {self.wrong_en}; {self.remedy_en}"
        return f"{self.setting}：{self.wrong_zh}；{self.remedy_zh}"
